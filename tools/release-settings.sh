#!/bin/sh
# Shows whether the repository has the settings that a release rests on. Only these keep a release from whoever may push: the workflow alone
# cannot, since a pushed branch has a workflow file of its own. It reads only. gh's user must be able to see the settings.
# https://docs.github.com/en/rest/deployments/environments
# https://docs.github.com/en/rest/repos/rules
set -eu

repository=${1:-terraform-provider-cos/terraform-provider-cos}
missing=0

# show says whether a setting is set: whether something is found.
show() {
	if [ -n "$2" ]; then
		echo "set      $1"
	else
		echo "MISSING  $1"
		missing=1
	fi
}

# check shows a setting as set if a resource passes a filter. A call that fails is an error, not an unset setting.
check() {
	found=$(gh api "repos/$repository/$2" --jq "select($3) | true")
	show "$1" "$found"
}

check 'environment release: required reviewers' environments/release \
	'any(.protection_rules[]; .type == "required_reviewers" and (.reviewers | length) > 0)'
check 'environment release: administrators cannot bypass' environments/release '.can_admins_bypass == false'
check 'environment release: only the branch main' environments/release/deployment-branch-policies \
	'[.branch_policies[] | [.name, .type]] == [["main", "branch"]]'
check 'branch main: a pull request with a review' rules/branches/main \
	'any(.[]; .type == "pull_request" and .parameters.required_approving_review_count > 0)'
check 'branch main: no force push' rules/branches/main 'any(.[]; .type == "non_fast_forward")'

ids=$(gh api "repos/$repository/rulesets?targets=tag" --paginate --jq '.[] | select(.enforcement == "active") | .id')
protected=
for id in $ids; do
	protected=$protected$(gh api "repos/$repository/rulesets/$id" --jq \
		'select(any(.conditions.ref_name.include[]; . == "refs/tags/v*" or . == "~ALL") and (.conditions.ref_name.exclude | length) == 0)
		| select(([.rules[].type] | contains(["creation", "update", "deletion"]))) | .id')
done
show 'tags v*: creation, update and deletion restricted' "$protected"
exit "$missing"
