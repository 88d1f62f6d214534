namespace ModelBuild.Protocol;

/// <summary>Reads the step of a description that computes a spectrum: <c>stft</c>, <c>mel</c> or <c>fbank</c>.</summary>
/// <param name="text">The description.</param>
/// <param name="rate">The sample rate of the model in hertz.</param>
internal sealed class AudioSpectrumReader(string text, int rate)
{
    private const int MaxFft = 65_536;
    private const int MaxHop = 16_777_216;
    private const int MaxBands = 4096;
    private const double KaldiMinFrequency = 20;
    private const double KaldiPreemphasis = 0.97;

    private static readonly string[] _frames = ["window", "frame", "center", "drop-last", "power"];
    private static readonly string[] _mel = ["fmin", "fmax", "scale", "norm"];

    private static readonly Dictionary<string, bool> _booleans = new(StringComparer.Ordinal) { ["true"] = true, ["false"] = false };
    private static readonly Dictionary<string, int> _powers = new(StringComparer.Ordinal) { ["1"] = 1, ["2"] = 2 };

    private static readonly Dictionary<string, AudioWindow> _windows = new(StringComparer.Ordinal)
    {
        ["hann"] = AudioWindow.Hann,
        ["hann-symmetric"] = AudioWindow.HannSymmetric,
        ["hamming"] = AudioWindow.Hamming,
        ["hamming-symmetric"] = AudioWindow.HammingSymmetric,
        ["povey"] = AudioWindow.Povey,
        ["rectangular"] = AudioWindow.Rectangular,
    };

    private static readonly Dictionary<string, AudioCentering> _centerings = new(StringComparer.Ordinal)
    {
        ["reflect"] = AudioCentering.Reflect,
        ["zero"] = AudioCentering.Zero,
        ["false"] = AudioCentering.None,
    };

    private static readonly Dictionary<string, MelScale> _scales = new(StringComparer.Ordinal)
    {
        ["slaney"] = MelScale.Slaney,
        ["htk"] = MelScale.Htk,
        ["kaldi"] = MelScale.Kaldi,
    };

    private static readonly Dictionary<string, bool> _norms = new(StringComparer.Ordinal) { ["slaney"] = true, ["none"] = false };

    /// <summary>Gets the names of the steps that compute a spectrum.</summary>
    public static IReadOnlyList<string> Names { get; } = ["stft", "mel", "fbank"];

    /// <summary>Reads a step of a description that computes a spectrum.</summary>
    /// <exception cref="DescriptionException">The step has a mistake.</exception>
    public AudioSpectrum Read(DescriptionStep step) =>
        step.Name switch
        {
            "stft" => ReadStft(step),
            "mel" => ReadMel(step),
            _ => ReadKaldi(step),
        };

    private AudioSpectrum ReadStft(DescriptionStep step)
    {
        var arguments = new StepArguments(text, step, _frames);
        arguments.RequireCount(2, 2, "the length of the transform and the hop in samples", "stft(512, 160)");
        return Frames(arguments, 0);
    }

    private AudioSpectrum ReadMel(DescriptionStep step)
    {
        var arguments = new StepArguments(text, step, [.. _frames, .. _mel]);
        arguments.RequireCount(3, 3, "the number of bands, the length of the transform and the hop in samples", "mel(80, 400, 160)");
        var bands = arguments.Integer(arguments.At(0), 1, MaxBands);
        var scale = arguments.Choice("scale", _scales, MelScale.Slaney);
        var mel = Mel(arguments, bands, 0, scale, arguments.Choice("norm", _norms, scale == MelScale.Slaney));
        return Frames(arguments, 1) with { Mel = mel };
    }

    // Reads the step <c>fbank</c>, as Kaldi computes it. The transform has the next power of two as its length, the mean of each frame is removed, and the
    // pre-emphasis is applied to each frame.
    private AudioSpectrum ReadKaldi(DescriptionStep step)
    {
        var arguments = new StepArguments(text, step, "window", "fmin", "fmax");
        arguments.RequireCount(3, 3, "the number of bands, the length of a frame and the hop in samples", "fbank(80, 400, 160)");
        var bands = arguments.Integer(arguments.At(0), 1, MaxBands);
        var frame = arguments.Integer(arguments.At(1), 2, MaxFft);
        var fft = 2;
        while (fft < frame)
            fft *= 2;
        return new AudioSpectrum(
            fft,
            frame,
            arguments.Integer(arguments.At(2), 1, MaxHop),
            arguments.Choice("window", _windows, AudioWindow.Povey),
            AudioCentering.None,
            DropsLast: false,
            Power: 2,
            RemovesMean: true,
            KaldiPreemphasis,
            Mel(arguments, bands, KaldiMinFrequency, MelScale.Kaldi, hasUnitArea: false)
        );
    }

    private static AudioSpectrum Frames(StepArguments arguments, int first)
    {
        var length = arguments.At(first);
        var fft = arguments.Integer(length, 2, MaxFft);
        if (fft % 2 != 0)
            throw arguments.Mistake(length, $"The length of the transform is even, not {fft}. 'frame' is the length of a frame, which may be odd.");
        return new AudioSpectrum(
            fft,
            arguments.Named("frame") is { } frame ? arguments.Integer(frame, 2, fft) : fft,
            arguments.Integer(arguments.At(first + 1), 1, MaxHop),
            arguments.Choice("window", _windows, AudioWindow.Hann),
            arguments.Choice("center", _centerings, AudioCentering.Reflect),
            arguments.Choice("drop-last", _booleans, missing: false),
            arguments.Choice("power", _powers, 2),
            RemovesMean: false,
            Preemphasis: 0,
            Mel: null
        );
    }

    private AudioMel Mel(StepArguments arguments, int bands, double minFrequency, MelScale scale, bool hasUnitArea)
    {
        var nyquist = rate / 2.0;
        if (arguments.Named("fmin") is { } low && (minFrequency = arguments.Number(low)) is < 0)
            throw arguments.Mistake(low, $"'fmin' is a frequency in hertz, not {low.Value}.");
        var maxFrequency = nyquist;
        if (arguments.Named("fmax") is { } high && (maxFrequency = arguments.Number(high)) > nyquist)
            throw arguments.Mistake(high, $"'fmax' is at most half of the rate, which is {Invariant(nyquist)} hertz, and not {high.Value}.");
        return minFrequency < maxFrequency
            ? new AudioMel(bands, minFrequency, maxFrequency, scale, hasUnitArea)
            : throw arguments.Mistake(
                arguments.Named("fmax") ?? arguments.Named("fmin") ?? arguments.At(0),
                $"The bands begin at {Invariant(minFrequency)} and end at {Invariant(maxFrequency)} hertz. The end is greater than the beginning."
            );
    }

    private static string Invariant(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
