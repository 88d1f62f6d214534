using System.CommandLine;
using System.Globalization;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of <c>tune</c> that determine which recipes are searched, and for how long.</summary>
internal sealed class TuneOptions
{
    private const double DefaultMinutes = 10;
    private const double MaxMinutes = 70_000;

    private Option<TuneGoal> Goal { get; } =
        new("--goal")
        {
            Description = "What the chosen model is best at, within the budget: size, speed, or balanced, the least product of both.",
            HelpName = "GOAL",
            DefaultValueFactory = _ => TuneGoal.Size,
        };

    private Option<string?> MaxSize { get; } = new("--max-size") { Description = "The largest size of the chosen model, such as 2MB.", HelpName = "SIZE" };

    private Option<string?> MaxLatency { get; } =
        new("--max-latency")
        {
            Description = "The largest median time of a call of the chosen model on this machine, with all threads, such as 3ms.",
            HelpName = "TIME",
        };

    private Option<string?> Minutes { get; } =
        new("--minutes") { Description = "The time of the study. Default: 10, or no limit with --trials.", HelpName = "N" };

    private Option<int?> Trials { get; } =
        new("--trials") { Description = "The number of recipes to run, instead of a time. The same study then gives the same front.", HelpName = "N" };

    /// <summary>Gets the option with the names of the steps that recipes may have.</summary>
    public Option<string?> Steps { get; } =
        new("--steps")
        {
            Description = "The names of the steps that recipes may have, separated by spaces, such as \"int8 int8-weights gptq\". Default: all.",
            HelpName = "NAMES",
        };

    /// <summary>Gets the options in the order of the help.</summary>
    public IEnumerable<Option> All => [Goal, MaxSize, MaxLatency, Minutes, Trials, Steps];

    /// <summary>Reads the rule by which a point of the front is chosen.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a wrong value.</exception>
    public Selection Selection(ParseResult parseResult) =>
        new(parseResult.GetValue(Goal), ByteSize.Parse(MaxSize.Name, parseResult.GetValue(MaxSize)), Milliseconds(parseResult.GetValue(MaxLatency)));

    /// <summary>Reads the limits that end the study.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a wrong value.</exception>
    public StudyLimits Limits(ParseResult parseResult)
    {
        var trials = parseResult.GetValue(Trials);
        if (trials is <= 0)
            throw new CompressionException(Codes.UnknownOption, $"{Trials.Name} {trials}: the number must be 1 or more.");
        var text = parseResult.GetValue(Minutes);
        if (text is null)
            return new StudyLimits(trials is null ? TimeSpan.FromMinutes(DefaultMinutes) : null, trials);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= MaxMinutes
            ? new StudyLimits(TimeSpan.FromMinutes(minutes), trials)
            : throw new CompressionException(Codes.UnknownOption, $"{Minutes.Name} '{text}' must be a number of minutes above 0.");
    }

    private double? Milliseconds(string? text)
    {
        if (text is null)
            return null;
        var trimmed = text.Trim();
        var number = trimmed.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? trimmed[..^2] : trimmed;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new CompressionException(Codes.UnknownOption, $"{MaxLatency.Name} '{text}' must be a number of milliseconds such as 3ms.");
    }
}
