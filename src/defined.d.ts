/** The page's version; put in place by the build. */
declare const __VERSION__: string
/** The version of ONNX Runtime Web; put in place by the build. */
declare const __RUNTIME_VERSION__: string
