using System.CommandLine;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild trial</c>: the child process that runs a task of <c>tune</c>.</summary>
internal static class TrialCommand
{
    public static Command Create() =>
        ChildCommand.Create<TrialRequest, TrialAnswer>(
            TrialProcess.Command,
            "Runs one task of a study.",
            (request, cancellationToken) => new TrialAnswer { Outcome = Run(request, cancellationToken) },
            failure => new TrialAnswer { Failure = failure }
        );

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
