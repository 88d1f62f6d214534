using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Runs the action of a command and reports a failure as one line on standard error and an exit code.</summary>
internal static class Guarded
{
    /// <summary>Sets <paramref name="action"/> as the action of <paramref name="command"/>, and reports its failures.</summary>
    /// <param name="command">The command.</param>
    /// <param name="model">The argument with the path of the model, which errors without a file of their own name.</param>
    /// <param name="action">The action of the command.</param>
    public static void SetGuardedAction(this Command command, Argument<string> model, Func<ParseResult, CancellationToken, int> action) =>
        command.SetGuardedAction(parseResult => parseResult.GetValue(model), action);

    /// <summary>Sets <paramref name="action"/> as the action of <paramref name="command"/>, and reports its failures.</summary>
    /// <param name="command">The command.</param>
    /// <param name="model">Returns the path that errors without a file of their own name.</param>
    /// <param name="action">The action of the command.</param>
    public static void SetGuardedAction(this Command command, Func<ParseResult, string?> model, Func<ParseResult, CancellationToken, int> action) =>
        command.SetAction(
            (parseResult, cancellationToken) =>
                Task.Run(
                    () =>
                    {
                        var file = model(parseResult) ?? "";
                        try
                        {
                            UseOnnxRuntime(parseResult);
                            return action(parseResult, cancellationToken);
                        }
                        catch (Exception exception)
                        {
                            var failure = Failure.Of(exception);
                            Console.Error.WriteLine(Message.Error(failure, file));
                            return failure.IsUsage ? ExitCode.Usage : ExitCode.Failed;
                        }
                    },
                    CancellationToken.None
                )
        );

    private static void UseOnnxRuntime(ParseResult parseResult)
    {
        if (parseResult.GetValue(SharedOptions.OnnxRuntime) is not { } folder)
            return;
        OnnxRuntimeLoader.Use(
            OnnxRuntimeLocator.InFolder(folder.FullName)
                ?? throw new CompressionException(
                    Codes.OnnxRuntimeMissing,
                    "The folder has no ONNX Runtime for this machine. It must contain Microsoft.ML.OnnxRuntime.dll and the native library, or "
                        + "be the root of their package.",
                    folder.FullName
                )
        );
    }
}
