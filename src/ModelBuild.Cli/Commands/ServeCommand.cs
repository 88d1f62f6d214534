using System.CommandLine;
using ModelBuild.Cli.Serving;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild serve</c>: serves models over the network.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("models") { Description = "The ONNX models.", Arity = ArgumentArity.OneOrMore };
        var options = new ServeOptions();
        var command = new Command("serve", "Serves models over HTTP and gRPC with the Open Inference Protocol (KServe v2), without authentication.") { models };
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetGuardedAction(
            parseResult => parseResult.GetValue(models)![0],
            (parseResult, cancellationToken) =>
            {
                var request = options.Read(parseResult, parseResult.GetValue(models)!);
                foreach (var model in request.Models)
                    OnnxModel.Load(model.Path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
                return ServerProcess.Run(request, answer => ServeView.Show(request, answer), cancellationToken);
            }
        );
        return command;
    }
}
