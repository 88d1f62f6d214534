using System.Text;
using ModelBuild.Cli.Commands;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Execution;

// ONNX Runtime is not beside this program: the types that need it are looked up where --onnxruntime, the build, or the package cache say.
OnnxRuntimeLoader.Register();
NativeHeap.ReturnLargeBlocks();
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandTree.InvokeAsync(args).ConfigureAwait(false);
