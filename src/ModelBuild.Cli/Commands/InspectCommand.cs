using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Receipts;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild inspect</c>: describes a model. Multiply-adds need the shapes that ONNX Runtime infers, so they are omitted without it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var json = SharedOptions.Json();
        var command = new Command("inspect", "Shows a model's inputs, outputs, operators and weights, and the sizes of its largest nodes.") { model, json };
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var description = ModelDescription.Of(OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true }, cancellationToken), path);
                if (parseResult.GetValue(json))
                    Console.Out.Write(JsonText.Of(description));
                else
                    InspectView.Show(description);
                return ExitCode.Good;
            }
        );
        return command;
    }
}
