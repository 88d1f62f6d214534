namespace ModelBuild.Protocol;

/// <summary>
/// Reads the description of an audio input, such as <c>rate(16000) length(30) mel(80, 400, 160, drop-last=true) whisper</c>. The steps have one order, and
/// all of them except <c>rate</c> are optional.
/// </summary>
internal sealed class AudioDescriptionParser
{
    private const int MaxSamples = 1 << 28;
    private const int MaxChunk = 1 << 24;
    private const double DefaultFloor = 1e-10;

    // The smallest positive difference of two floats around 1, which Kaldi uses as the smallest energy.
    private const double KaldiFloor = 1.1920928955078125e-7;
    private const double WhisperRange = 8;

    // The names of the steps in the order of a description. Steps in one row exclude each other. 'mean-variance' normalizes samples if it precedes a
    // spectrum, and bands if it follows one.
    private static readonly string[][] _order =
    [
        ["rate"],
        ["scale"],
        [Normalization],
        ["preemphasis"],
        ["length", "chunk"],
        ["context"],
        [.. AudioSpectrumReader.Names],
        ["log", "log10", "db", "whisper"],
        ["cmn", Normalization],
        ["frames"],
        ["mean"],
        ["std"],
    ];

    private const string Normalization = "mean-variance";
    private const int SpectrumPlace = 6;
    private static readonly string[] _steps = [.. _order.SelectMany(names => names).Distinct()];

    private readonly string _text;
    private AudioDescription _description = new();
    private DescriptionStep? _last;
    private int _lastPlace = -1;

    private AudioDescriptionParser(string text) => _text = text;

    /// <summary>Reads the description of an audio input.</summary>
    /// <exception cref="DescriptionException">The text is not a description of an audio input.</exception>
    public static AudioDescription Parse(string text) => new AudioDescriptionParser(text).Parse();

    private AudioDescription Parse()
    {
        var steps = new DescriptionReader(_text).ReadSteps();
        if (steps.Count == 0)
            throw new DescriptionException(_text, 0, "It is empty. It starts with the sample rate of the model, such as 'rate(16000)'.");
        foreach (var step in steps)
        {
            RequireOrder(step);
            Add(step);
        }

        return _description;
    }

    private void RequireOrder(DescriptionStep step)
    {
        if (!_steps.Contains(step.Name))
            throw Mistake(step, $"'{step.Name}' is not a step.{NearestName.Hint(step.Name, _steps)} The steps are {Quote(_steps)}.");
        if (_last is null && step.Name != "rate")
            throw Mistake(step, $"The sample rate of the model stands before '{step.Name}', such as 'rate(16000)'.");
        var start = step.Name == Normalization && _lastPlace >= SpectrumPlace ? SpectrumPlace : 0;
        var place = Array.FindIndex(_order, start, names => names.Contains(step.Name));
        if (place == _lastPlace)
            throw Mistake(
                step,
                _last!.Name == step.Name ? $"'{step.Name}' is given twice." : $"'{step.Name}' and '{_last.Name}' exclude each other. Keep one of them."
            );
        if (place < _lastPlace)
            throw Mistake(step, $"'{step.Name}' stands before '{_last!.Name}'. The order is {Quote(_steps)}.");
        (_last, _lastPlace) = (step, place);
    }

    private void Add(DescriptionStep step) =>
        _description = step.Name switch
        {
            "rate" => _description with { Rate = Integer(step, AudioDescription.MinRate, AudioDescription.MaxRate, "the sample rate in hertz", "rate(16000)") },
            "scale" => _description with { Scale = Number(step, "scale(32768)") },
            Normalization when _description.Spectrum is null => _description with { IsNormalized = HasNoArguments(step) },
            "preemphasis" => _description with { Preemphasis = Number(step, "preemphasis(0.97)") },
            "length" => _description with { Length = Length(step) },
            "chunk" => _description with { Chunk = Chunk(step) },
            "context" => _description with { Chunk = Context(step) },
            "stft" or "mel" or "fbank" => _description with { Spectrum = new AudioSpectrumReader(_text, _description.Rate).Read(step) },
            "log" or "log10" or "db" or "whisper" => _description with { Log = Log(step) },
            "cmn" or Normalization => _description with { Bands = Bands(step) },
            "frames" => _description with { Frames = Frames(step) },
            "mean" => _description with { Mean = Value(step) },
            _ => _description with { Std = Value(step) is not 0 and var std ? std : throw Mistake(step, "'std' divides by its number, which is not 0.") },
        };

    private int Length(DescriptionStep step)
    {
        var arguments = One(step, "length(30)");
        var samples = Math.Round(arguments.Positive(arguments.At(0)) * _description.Rate);
        return samples is >= 1 and <= MaxSamples
            ? (int)samples
            : throw arguments.Mistake(arguments.At(0), $"'length' is a time in seconds with 1 to {MaxSamples} samples, and here it has {samples:0}.");
    }

    private AudioChunk Chunk(DescriptionStep step)
    {
        var samples = Integer(step, 1, MaxChunk, "the number of samples of a chunk", "chunk(512)");
        return _description.IsNormalized
            ? throw Mistake(step, $"'{Normalization}' normalizes a whole recording, and 'chunk' takes it in parts. Remove one of them.")
            : new AudioChunk(samples, 0);
    }

    private AudioChunk Context(DescriptionStep step) =>
        _description.Chunk is { } chunk
            ? chunk with
            {
                Context = Integer(step, 1, MaxChunk, "the number of samples before a chunk", "context(64)"),
            }
            : throw Mistake(step, "'context' is a part of a chunk, so it stands behind 'chunk', such as 'chunk(512) context(64)'.");

    private AudioLog Log(DescriptionStep step)
    {
        var spectrum = RequireSpectrum(step);
        if (step.Name == "whisper")
        {
            HasNoArguments(step);
            return new AudioLog(AudioLogKind.Whisper, DefaultFloor, IsAdded: false, WhisperRange);
        }

        string[] names = step.Name == "db" ? ["add", "top"] : ["add"];
        var arguments = new StepArguments(_text, step, names);
        arguments.RequireCount(0, 1, "at most one number, which is the least value before the logarithm", $"{step.Name}(1e-10)");
        var added = arguments.Named("add");
        if (added is not null && arguments.Count > 0)
            throw arguments.Mistake(added, "A least value and 'add' exclude each other. Keep one of them.");
        var floor =
            added is not null ? arguments.Positive(added)
            : arguments.Count > 0 ? arguments.Positive(arguments.At(0))
            : spectrum.RemovesMean ? KaldiFloor
            : DefaultFloor;
        var kind =
            step.Name == "log" ? AudioLogKind.Natural
            : step.Name == "log10" ? AudioLogKind.Base10
            : AudioLogKind.Decibels;
        return new AudioLog(kind, floor, added is not null, arguments.Named("top") is { } top ? arguments.Positive(top) : null);
    }

    private BandNormalization Bands(DescriptionStep step)
    {
        RequireSpectrum(step);
        HasNoArguments(step);
        return step.Name == "cmn" ? BandNormalization.Mean : BandNormalization.MeanAndVariance;
    }

    private int Frames(DescriptionStep step)
    {
        RequireSpectrum(step);
        return Integer(step, 1, MaxChunk, "the number of frames", "frames(1024)");
    }

    private double Value(DescriptionStep step)
    {
        RequireSpectrum(step);
        return Number(step, $"{step.Name}(4.5)");
    }

    private AudioSpectrum RequireSpectrum(DescriptionStep step) =>
        _description.Spectrum ?? throw Mistake(step, $"'{step.Name}' changes a spectrum, so it stands behind one of {Quote(AudioSpectrumReader.Names)}.");

    private bool HasNoArguments(DescriptionStep step) =>
        step.Arguments is { } arguments ? throw new DescriptionException(_text, arguments[0].Position, $"'{step.Name}' has no arguments.") : true;

    private int Integer(DescriptionStep step, int least, int most, string explanation, string example)
    {
        var arguments = new StepArguments(_text, step);
        arguments.RequireCount(1, 1, $"one number, which is {explanation}", example);
        return arguments.Integer(arguments.At(0), least, most);
    }

    private double Number(DescriptionStep step, string example)
    {
        var arguments = One(step, example);
        return arguments.Number(arguments.At(0));
    }

    private StepArguments One(DescriptionStep step, string example)
    {
        var arguments = new StepArguments(_text, step);
        arguments.RequireCount(1, 1, "one number", example);
        return arguments;
    }

    private static string Quote(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    private DescriptionException Mistake(DescriptionStep step, string explanation) => new(_text, step.Position, explanation);
}
