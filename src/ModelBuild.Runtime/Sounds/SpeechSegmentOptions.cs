namespace ModelBuild.Runtime;

/// <summary>Specifies how probabilities become segments of speech. The defaults are those of Silero VAD.</summary>
public sealed record SpeechSegmentOptions
{
    /// <summary>Gets the smallest probability that begins a segment; 0.5 by default.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Gets the probability below which a segment may end; null for <see cref="Threshold"/> − 0.15, and at least 0.01.</summary>
    public float? EndThreshold { get; init; }

    /// <summary>Gets the smallest duration of a segment in seconds; 0.25 by default. Shorter segments are left out.</summary>
    public double MinSpeech { get; init; } = 0.25;

    /// <summary>Gets the smallest duration in seconds of the silence that ends a segment; 0.1 by default.</summary>
    public double MinSilence { get; init; } = 0.1;

    /// <summary>
    /// Gets the time in seconds by which a segment is extended on each side; 0.03 by default. If the silence between two segments is shorter than twice this
    /// time, each segment is extended by half of the silence.
    /// </summary>
    public double Padding { get; init; } = 0.03;
}
