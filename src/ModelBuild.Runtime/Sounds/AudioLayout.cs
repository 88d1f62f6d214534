namespace ModelBuild.Runtime;

/// <summary>Specifies the kind and the order of the elements of a tensor with a recording. Dimensions of size 1 do not matter.</summary>
public enum AudioLayout
{
    /// <summary>Samples: the tensor is [1, samples] or [1, 1, samples].</summary>
    Samples,

    /// <summary>Bands, frames: all frames of the first band come first, as in Whisper's [1, 80, 3000].</summary>
    BandsFrames,

    /// <summary>Frames, bands: all bands of the first frame come first.</summary>
    FramesBands,
}
