using System.Text;
using ModelBuild.Cli.Commands;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Measuring;
using ModelBuild.Compression.Execution;

// ONNX Runtime is not in the folder of this program. The loader finds it in the folder that --onnxruntime or the build names, or in the package cache.
OnnxRuntimeLoader.Register(OnnxRuntimeLocator.Find);
SkiaSharpLoader.Register();
TokenizersLoader.Register();

// A process that measures models keeps the heap settings of an application, so that it uses as much memory as an application.
if (args.FirstOrDefault() != MeasuringProcess.Command)
    NativeHeap.ReturnLargeBlocks();

// Open MPI gives each task a terminal of its own, whose control codes would be in the output that the launcher collects.
if (Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is not null)
    Environment.SetEnvironmentVariable("TERM", "dumb");
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandTree.InvokeAsync(args).ConfigureAwait(false);
