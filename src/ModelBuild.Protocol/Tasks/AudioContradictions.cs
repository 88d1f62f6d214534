namespace ModelBuild.Protocol;

/// <summary>Compares the description of an audio input with the dimensions that the model declares.</summary>
internal static class AudioContradictions
{
    /// <summary>Returns a sentence about the first contradiction; null if there is none.</summary>
    /// <param name="description">The description.</param>
    /// <param name="takesFrames">Whether the layout of the input has bands and frames; false if it has samples.</param>
    /// <param name="bands">The number of bands that the model declares; 0 for a dynamic dimension.</param>
    /// <param name="length">The number of samples or frames that the model declares; 0 for a dynamic dimension.</param>
    public static string? Find(AudioDescription description, bool takesFrames, int bands, int length)
    {
        if (description.Spectrum is null && takesFrames)
            return "The input of the model has bands and frames. Add 'stft', 'mel' or 'fbank' to the description.";
        if (description.Spectrum is not null && !takesFrames)
            return "The input of the model has samples, and the description makes a spectrum of them.";
        if (description.Spectrum is { } spectrum && bands != 0 && bands != spectrum.Bands)
            return $"The description gives {spectrum.Bands} bands, and the input of the model has {bands}.";
        var unit = takesFrames ? "frames" : "samples";
        if (description.FixedLength is not { } given)
            return length == 0
                ? null
                : $"The input of the model has {length} {unit}, and those of the description depend on the recording. "
                    + (takesFrames ? "Add 'length' or 'frames'." : "Add 'length', or 'chunk' for a model that takes a stream.");
        if (given == 0)
            return "The fixed length of the description is shorter than one frame.";
        return length == 0 || length == given ? null : $"The description gives {given} {unit}, and the input of the model has {length}.";
    }
}
