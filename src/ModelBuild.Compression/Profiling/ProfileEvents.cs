using System.Text.Json;

namespace ModelBuild.Compression.Profiling;

/// <summary>
/// Reads the events of nodes and runs from a profile of ONNX Runtime, a JSON document in the Trace Event Format of Chrome. Durations are in whole
/// microseconds.
/// </summary>
internal static class ProfileEvents
{
    private const string NodeSuffix = "_kernel_time";
    private const string RunName = "model_run";

    /// <summary>Reads the events from a profile in JSON.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static IReadOnlyList<ProfileEvent> Read(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(Read).OfType<ProfileEvent>()];
    }

    private static ProfileEvent? Read(JsonElement entry)
    {
        var name = Text(entry, "name");
        if (name == RunName)
            return Create(entry, node: null, default);
        return Text(entry, "cat") == "Node" && name.EndsWith(NodeSuffix, StringComparison.Ordinal)
            ? Create(entry, name[..^NodeSuffix.Length], entry.GetProperty("args"))
            : null;
    }

    private static ProfileEvent Create(JsonElement entry, string? node, JsonElement arguments) =>
        new(Number(entry, "tid"), Number(entry, "ts"), Number(entry, "dur"), node, Text(arguments, "op_name"), Text(arguments, "provider"));

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
