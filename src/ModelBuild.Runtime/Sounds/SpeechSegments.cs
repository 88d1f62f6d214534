namespace ModelBuild.Runtime;

/// <summary>Finds segments of speech in the probabilities that a model gives for the chunks of a stream.</summary>
/// <remarks>
/// The rules are those of Silero VAD's <c>get_speech_timestamps</c>: a segment begins with the first chunk of at least the threshold, and it ends at the first
/// chunk below a lower threshold if the probability does not reach the threshold again for the time of the least silence.
/// </remarks>
public static class SpeechSegments
{
    private const float Hysteresis = 0.15f;
    private const float MinEndThreshold = 0.01f;

    /// <summary>Finds the segments of speech in the probabilities of chunks.</summary>
    /// <param name="probabilities">The probability of each chunk, 0 to 1.</param>
    /// <param name="chunkSeconds">The duration of a chunk in seconds, such as <see cref="AudioChunker.ChunkSeconds"/>.</param>
    /// <param name="options">The thresholds and durations; null for the defaults.</param>
    /// <returns>The segments in the order of time. They do not overlap.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration of a chunk is not greater than 0.</exception>
    public static IReadOnlyList<SpeechSegment> Find(ReadOnlySpan<float> probabilities, double chunkSeconds, SpeechSegmentOptions? options = null)
    {
        if (!(chunkSeconds > 0))
            throw new ArgumentOutOfRangeException(nameof(chunkSeconds), chunkSeconds, "The duration of a chunk is greater than 0.");
        options ??= new SpeechSegmentOptions();
        var segments = FindSpeech(probabilities, chunkSeconds, options);
        Extend(segments, probabilities.Length * chunkSeconds, options.Padding);
        return segments;
    }

    private static List<SpeechSegment> FindSpeech(ReadOnlySpan<float> probabilities, double chunkSeconds, SpeechSegmentOptions options)
    {
        var endThreshold = options.EndThreshold ?? MathF.Max(options.Threshold - Hysteresis, MinEndThreshold);
        var segments = new List<SpeechSegment>();
        int? start = null;
        int? quiet = null;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] >= options.Threshold)
            {
                start ??= i;
                quiet = null;
            }
            else if (start is not null && probabilities[i] < endThreshold)
            {
                quiet ??= i;
                if ((i - quiet.Value) * chunkSeconds < options.MinSilence)
                    continue;
                Add(start.Value, quiet.Value);
                (start, quiet) = (null, null);
            }
        }

        if (start is { } last)
            Add(last, probabilities.Length);
        return segments;

        void Add(int first, int end)
        {
            if ((end - first) * chunkSeconds > options.MinSpeech)
                segments.Add(new SpeechSegment(first * chunkSeconds, end * chunkSeconds));
        }
    }

    private static void Extend(List<SpeechSegment> segments, double duration, double padding)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var start = i == 0 ? Math.Max(segments[i].Start - padding, 0) : segments[i].Start;
            if (i == segments.Count - 1)
            {
                segments[i] = new SpeechSegment(start, Math.Min(segments[i].End + padding, duration));
                continue;
            }

            var share = Math.Min(padding, (segments[i + 1].Start - segments[i].End) / 2);
            segments[i] = new SpeechSegment(start, segments[i].End + share);
            segments[i + 1] = segments[i + 1] with { Start = segments[i + 1].Start - share };
        }
    }
}
