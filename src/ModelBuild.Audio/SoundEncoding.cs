namespace ModelBuild.Audio;

/// <summary>Specifies how a WAV file stores its samples.</summary>
public enum SoundEncoding
{
    /// <summary>Signed 16-bit integers. Samples outside of −1 to 1 become the nearest integer.</summary>
    Pcm16,

    /// <summary>32-bit floats, which keep the samples unchanged.</summary>
    Float32,
}
