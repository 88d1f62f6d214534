using System.Text;
using ModelBuild.Cli.Commands;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Measuring;
using ModelBuild.Compression.Execution;

// ONNX Runtime is not in the folder of this program. The loader finds it in the folder that --onnxruntime or the build names, or in the package cache.
OnnxRuntimeLoader.Register(OnnxRuntimeLocator.Find);
SkiaSharpLoader.Register();
TokenizersLoader.Register();

// A process that measures has the heap of an application.
if (args.FirstOrDefault() != MeasuringProcess.Command)
    NativeHeap.ReturnLargeBlocks();
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandTree.InvokeAsync(args).ConfigureAwait(false);
