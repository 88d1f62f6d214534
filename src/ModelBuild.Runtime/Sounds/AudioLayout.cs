namespace ModelBuild.Runtime;

/// <summary>Specifies the kind and the order of the elements of a tensor with a recording. Dimensions of size 1 do not matter.</summary>
public enum AudioLayout
{
    /// <summary>The elements are samples, and the tensor has the shape [1, samples] or [1, 1, samples].</summary>
    Samples,

    /// <summary>The dimensions are bands and frames: all frames of the first band come first, as in Whisper's [1, 80, 3000].</summary>
    BandsFrames,

    /// <summary>The dimensions are frames and bands: all bands of the first frame come first.</summary>
    FramesBands,
}
