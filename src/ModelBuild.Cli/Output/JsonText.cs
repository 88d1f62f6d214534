using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelBuild.Cli.Output;

/// <summary>What <c>--json</c> prints: one indented document with LF line ends.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";
}
