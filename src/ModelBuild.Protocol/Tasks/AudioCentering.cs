namespace ModelBuild.Protocol;

/// <summary>Specifies the positions of the frames in a recording.</summary>
internal enum AudioCentering
{
    /// <summary>The middle of frame i is sample i · hop. The samples outside of the recording are its mirror image.</summary>
    Reflect,

    /// <summary>The middle of frame i is sample i · hop. The samples outside of the recording are 0.</summary>
    Zero,

    /// <summary>Frame i starts at sample i · hop, and all of its samples are inside the recording.</summary>
    None,
}
