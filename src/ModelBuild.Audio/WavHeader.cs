namespace ModelBuild.Audio;

/// <summary>Represents the header of a WAV file.</summary>
/// <param name="Rate">The sample rate in hertz.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="Kind">The number format of the samples.</param>
/// <param name="Width">The number of bytes of a sample.</param>
/// <param name="DataBytes">The number of bytes of all samples; null if the header does not state it, so that the samples end with the file.</param>
internal sealed record WavHeader(int Rate, int Channels, SampleKind Kind, int Width, long? DataBytes)
{
    /// <summary>Gets the number of bytes of the samples of all channels at one point in time.</summary>
    public int BlockBytes => Channels * Width;
}
