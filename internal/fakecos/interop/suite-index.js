// Takes the place of the SDK's own index.js beside its tests: the package that package.json pins, led to the fake. As a
// proxy, the fake is sent the bucket's real host name.
'use strict';

const COS = require('cos-nodejs-sdk-v5');

module.exports = class extends COS {
  constructor(options) {
    super({ ...options, Protocol: 'http:', Proxy: process.env.TENCENTCLOUD_COS_DOMAIN });
  }
};
