namespace ModelBuild.Audio;

/// <summary>Specifies how a WAV file stores its samples.</summary>
public enum SoundEncoding
{
    /// <summary>Integers of 16 bits. Samples outside of −1 to 1 become the nearest integer.</summary>
    Pcm16,

    /// <summary>Floats of 32 bits, which are the samples as they are.</summary>
    Float32,
}
