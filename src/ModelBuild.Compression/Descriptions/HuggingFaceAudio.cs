using System.Globalization;
using System.Text.Json;

namespace ModelBuild.Compression.Descriptions;

/// <summary>
/// Reads the preparation of recordings from Hugging Face's <c>preprocessor_config.json</c>. A file with another class than the supported ones has no
/// description. A member that is absent has the default value of the class.
/// </summary>
internal static class HuggingFaceAudio
{
    private const double DefaultRate = 16000;

    /// <summary>Returns the description of recordings; null if the document is not one of a known class.</summary>
    public static string? Describe(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("feature_extractor_type", out var type)
            ? type.GetString() switch
            {
                "WhisperFeatureExtractor" => Whisper(root),
                "Wav2Vec2FeatureExtractor" => Line($"rate({Number(root, "sampling_rate", DefaultRate)}){(Flag(root, "do_normalize") ? " mean-variance" : "")}"),
                "ASTFeatureExtractor" => Spectrogram(root),
                "EncodecFeatureExtractor" when Number(root, "feature_size", 1) == 1 => Line($"rate({Number(root, "sampling_rate", 24000)})"),
                _ => null,
            }
            : null;

    private static string Whisper(JsonElement root) =>
        Line($"rate({Number(root, "sampling_rate", DefaultRate)}) length({Number(root, "chunk_length", 30)}) ")
        + Line($"mel({Number(root, "feature_size", 80)}, {Number(root, "n_fft", 400)}, {Number(root, "hop_length", 160)}, drop-last=true) whisper");

    // Returns the description for the class of the Audio Spectrogram Transformer, which divides by twice the standard deviation (Gong et al. 2021). Frames have
    // 25 ms and start every 10 ms.
    private static string Spectrogram(JsonElement root)
    {
        var rate = Number(root, "sampling_rate", DefaultRate);
        var text =
            Line($"rate({rate}) fbank({Number(root, "num_mel_bins", 128)}, {rate / 40}, {rate / 100}, window=hann-symmetric) log ")
            + Line($"frames({Number(root, "max_length", 1024)})");
        return Flag(root, "do_normalize") ? text + Line($" mean({Number(root, "mean", -4.2677393)}) std({2 * Number(root, "std", 4.5689974)})") : text;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static bool Flag(JsonElement root, string name) => !root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.False;

    private static double Number(JsonElement root, string name, double otherwise) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
