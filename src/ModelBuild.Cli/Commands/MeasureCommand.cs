using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Measuring;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild measure</c>: the child process of <c>perf</c> and <c>compare</c>. It reads a request and writes the answer as JSON.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        var command = new Command(MeasuringProcess.Command, "Measures models in a process of their own.") { Hidden = true };
        command.SetGuardedAction(
            _ => null,
            (_, cancellationToken) =>
            {
                Console.Out.Write(JsonText.Of(Answer(cancellationToken)));
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static MeasureAnswer Answer(CancellationToken cancellationToken)
    {
        try
        {
            return ModelMeasurement.Measure(ParentProcess.ReadRequest<MeasureRequest>(), cancellationToken);
        }
        catch (Exception exception)
        {
            return new MeasureAnswer { Failure = Failure.Of(exception) };
        }
    }
}
