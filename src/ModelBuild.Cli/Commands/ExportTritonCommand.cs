using System.CommandLine;
using ModelBuild.Cli.Exports;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild export triton</c>: writes a model into a model repository of Triton Inference Server.</summary>
internal static class ExportTritonCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model, as it is deployed.");
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder of the repository, which may have other models.",
            HelpName = "FOLDER",
            Required = true,
        };
        var name = new Option<string?>("--name") { Description = "The name of the model on the server. Default: that of the file.", HelpName = "NAME" };
        var version = new Option<int>("--version-number")
        {
            Description = "The number of the version.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var maxBatch = new Option<int>("--max-batch")
        {
            Description = "The largest number of rows that the server combines from several requests. Default: 0, each request is a run.",
            HelpName = "ROWS",
        };
        var command = new Command("triton", "Writes a model into a model repository of Triton Inference Server.") { model, output, name, version, maxBatch };
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var modelName = parseResult.GetValue(name) ?? Path.GetFileNameWithoutExtension(path);
                if (modelName.Length == 0 || modelName.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || modelName is "." or "..")
                    throw Wrong($"{name.Name} '{modelName}' must be the name of a folder.");
                if (parseResult.GetValue(version) < 1)
                    throw Wrong($"{version.Name} {parseResult.GetValue(version)}: the number must be 1 or more.");
                if (parseResult.GetValue(maxBatch) < 0)
                    throw Wrong($"{maxBatch.Name} {parseResult.GetValue(maxBatch)}: the number must be 0 or more.");
                var repository = new TritonRepository(parseResult.GetValue(output)!);
                Screen.WriteLine(repository.Add(path, modelName, parseResult.GetValue(version), parseResult.GetValue(maxBatch), cancellationToken));
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
