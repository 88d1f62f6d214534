using System.CommandLine;
using System.Globalization;
using ModelBuild.Cli.Measuring;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of the commands that time models.</summary>
/// <param name="defaultThreads">The default of <c>--threads</c>.</param>
/// <param name="defaultSeconds">The default of <c>--seconds</c>.</param>
internal sealed class MeasuringOptions(string defaultThreads, string defaultSeconds)
{
    private const double MaxSeconds = 3600;

    public Option<string> Provider { get; } =
        new("--provider")
        {
            Description = $"The execution provider: {string.Join(", ", ProviderNames.All)}. The loaded ONNX Runtime must have it.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ProviderNames.Cpu,
        };

    public Option<string> Threads { get; } =
        new("--threads")
        {
            Description = "The number of threads of a run. all is the default of ONNX Runtime, one for each core. Several numbers have a row each: 1,2,all.",
            HelpName = "N",
            DefaultValueFactory = _ => defaultThreads,
        };

    public Option<string?> Batch { get; } =
        new("--batch")
        {
            Description = "The number of rows of a call, if the model does not fix it. Several numbers have a row each: 1,8,32. Default: 1.",
            HelpName = "N",
        };

    public Option<string> Seconds { get; } =
        new("--seconds")
        {
            Description = "The time of the calls that each row is measured on.",
            HelpName = "N",
            DefaultValueFactory = _ => defaultSeconds,
        };

    public IEnumerable<Option> All => [Provider, Threads, Batch, Seconds];

    /// <summary>Reads the settings of the measurement from the options.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a wrong value.</exception>
    public MeasuringSettings Read(ParseResult parseResult) =>
        new(
            ProviderNames.Find(parseResult.GetValue(Provider)!) ?? throw Unknown(parseResult.GetValue(Provider)!),
            NumberList.Threads(Threads.Name, parseResult.GetValue(Threads)!),
            parseResult.GetValue(Batch) is { } batch ? [.. NumberList.Rows(Batch.Name, batch).Cast<int?>()] : [null],
            ReadSeconds(parseResult.GetValue(Seconds)!),
            parseResult.GetValue(SharedOptions.OnnxRuntime)?.FullName
        );

    private double ReadSeconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= MaxSeconds
            ? seconds
            : throw new CompressionException(Codes.UnknownOption, $"{Seconds.Name} '{text}' must be a number from 0 to {MaxSeconds}.");

    private CompressionException Unknown(string name) =>
        new(
            Codes.UnknownOption,
            $"{Provider.Name} '{name}' is not an execution provider; there are {string.Join(", ", ProviderNames.All)}.{ProviderHints.Hint(name)}"
        );
}
