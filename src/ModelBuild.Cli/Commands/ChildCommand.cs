using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Commands;

/// <summary>Creates the hidden commands that the program starts as child processes. Each reads a request and writes its answer as JSON.</summary>
internal static class ChildCommand
{
    /// <summary>Creates a hidden command.</summary>
    /// <param name="name">The name of the command.</param>
    /// <param name="description">The description of the command.</param>
    /// <param name="run">Does the work of a request.</param>
    /// <param name="fail">Returns the answer for a failure.</param>
    public static Command Create<TRequest, TAnswer>(
        string name,
        string description,
        Func<TRequest, CancellationToken, TAnswer> run,
        Func<Failure, TAnswer> fail
    )
        where TRequest : class
    {
        var command = new Command(name, description) { Hidden = true };
        command.SetGuardedAction(
            _ => null,
            (_, cancellationToken) =>
            {
                Console.Out.Write(JsonText.Of(Answer(cancellationToken)));
                return ExitCode.Good;
            }
        );
        return command;

        TAnswer Answer(CancellationToken cancellationToken)
        {
            try
            {
                return run(ParentProcess.ReadRequest<TRequest>(), cancellationToken);
            }
            catch (Exception exception)
            {
                return fail(Failure.Of(exception));
            }
        }
    }
}
