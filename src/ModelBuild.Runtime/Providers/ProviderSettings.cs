using System.Globalization;

namespace ModelBuild.Runtime.Providers;

/// <summary>Collects the options of a provider in the form of ONNX Runtime, which is pairs of a key and a text. A value that is null is not added.</summary>
internal sealed class ProviderSettings
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public void Add(string key, string? value)
    {
        if (value is not null)
            Values[key] = value;
    }

    public void Add(string key, long? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string key, bool? value) =>
        Add(
            key,
            value is null ? null
                : value.Value ? "1"
                : "0"
        );
}
