using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild trial</c>: the child process of <c>tune</c>. It reads a task and writes the outcome as JSON.</summary>
internal static class TrialCommand
{
    public static Command Create()
    {
        var command = new Command(TrialProcess.Command, "Runs one task of a study.") { Hidden = true };
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

    private static TrialAnswer Answer(CancellationToken cancellationToken)
    {
        try
        {
            return new TrialAnswer { Outcome = Run(ParentProcess.ReadRequest<TrialRequest>(), cancellationToken) };
        }
        catch (Exception exception)
        {
            return new TrialAnswer { Failure = Failure.Of(exception) };
        }
    }

    private static StudyOutcome Run(TrialRequest request, CancellationToken cancellationToken)
    {
        var settings = request.Settings;
        if (request.Recipe is { } recipe)
            return new StudyOutcome { Result = StudyTrial.Run(settings, recipe, request.Output, request.Trained, cancellationToken) };
        using var original = OriginalModel.Open(settings.Request("", request.Output), cancellationToken);
        StudyTrial.CheckData(original, cancellationToken);
        var measurement = new TableMeasurement(original, WorkLog.Silent, cancellationToken);
        return new StudyOutcome
        {
            Table = request.Storage is { } structure
                ? measurement.MeasureStorage(structure)
                : measurement.MeasureIntegers(RecipeParser.Parse(request.Integers!).Steps),
        };
    }
}
