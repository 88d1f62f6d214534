namespace ModelBuild.Protocol;

/// <summary>Describes how a recording becomes the input of a model. <see cref="AudioDescriptionParser"/> reads it from one line of text.</summary>
internal sealed record AudioDescription
{
    /// <summary>The smallest sample rate of a model in hertz.</summary>
    public const int MinRate = 4000;

    /// <summary>The largest sample rate of models and of recordings in hertz.</summary>
    public const int MaxRate = 384_000;

    /// <summary>Gets the sample rate of the model in hertz.</summary>
    public int Rate { get; init; }

    /// <summary>Gets the factor that samples, which are between −1 and 1, are multiplied by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets whether the samples of a recording are normalized to the mean 0 and the variance 1.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Gets the factor of the pre-emphasis: this part of the previous sample is subtracted from each sample; 0 for none.</summary>
    public double Preemphasis { get; init; }

    /// <summary>Gets the number of samples to which recordings are cut or padded with zeros; null if they keep their length.</summary>
    public int? Length { get; init; }

    /// <summary>Gets the parts in which the model takes a stream; null for whole recordings.</summary>
    public AudioChunk? Chunk { get; init; }

    /// <summary>Gets the description of the spectrum; null if the model takes samples.</summary>
    public AudioSpectrum? Spectrum { get; init; }

    /// <summary>Gets the step that takes the logarithm of the spectrum; null for none.</summary>
    public AudioLog? Log { get; init; }

    /// <summary>Gets how the values of each band are normalized.</summary>
    public BandNormalization Bands { get; init; }

    /// <summary>Gets the number of frames to which the spectrum is cut or padded with zeros; null if it keeps its length.</summary>
    public int? Frames { get; init; }

    /// <summary>Gets the number that is subtracted from each value of the spectrum at the end.</summary>
    public double Mean { get; init; }

    /// <summary>Gets the number that each value of the spectrum is divided by at the end.</summary>
    public double Std { get; init; } = 1;

    /// <summary>Gets the number of samples that every call has; null if it follows from the recording.</summary>
    public int? FixedSamples => Chunk is { } chunk ? chunk.Context + chunk.Samples : Length;

    /// <summary>Gets the number of samples, or of frames, that every call has; null if it follows from the recording.</summary>
    public int? FixedLength => Frames ?? (FixedSamples is { } samples && Spectrum is { } spectrum ? spectrum.Frames(samples) : FixedSamples);
}
