using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Describes the place of the work in one line: the candidate, the step, the trial, the best figure so far, and the parts that are left.</summary>
internal static class WorkWords
{
    /// <summary>Returns the line about the place of the work. The least important parts are omitted where the line does not fit.</summary>
    /// <param name="place">The place of the work.</param>
    /// <param name="width">The largest number of characters.</param>
    /// <param name="timeLeft">The estimated time until the end of the trial; null when it is not known.</param>
    public static string Of(WorkPlace place, int width, TimeSpan? timeLeft = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        var step = place.Number > 0 ? string.Create(CultureInfo.InvariantCulture, $"step {place.Number} of {place.Count} {place.Part}") : place.Part;
        var recipe = place.Candidates > 1 ? string.Create(CultureInfo.InvariantCulture, $"recipe {place.Candidate} of {place.Candidates}") : "";
        var best = place.BestDb is { } decibels ? string.Create(CultureInfo.InvariantCulture, $"best {SignedNumber.Of(decibels, 1)} dB") : "";
        var left = place.Left.Count > 0 ? $"then {string.Join(", ", place.Left)}" : "";
        var fewer = place.Left.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{place.Left.Count} left") : "";
        var time = timeLeft is { } span ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:00} left") : "";
        string[][] brief =
            place.ShortTrial.Length > 0
                ?
                [
                    [step, place.ShortTrial, time, best, fewer],
                    [step, place.ShortTrial, time],
                ]
                : [];
        string[][] choices =
        [
            [recipe, step, place.Trial, time, best, left],
            [recipe, step, place.Trial, time, best, fewer],
            [step, place.Trial, time, best, fewer],
            .. brief,
            [step, time, best, fewer],
            [step, best, fewer],
            [step, best],
            [step],
        ];
        var lines = choices.Select(pieces => string.Join(", ", pieces.Where(piece => piece.Length > 0))).ToArray();
        return lines.FirstOrDefault(line => line.Length <= width) ?? lines[^1][..Math.Max(0, width - 1)] + "…";
    }
}
