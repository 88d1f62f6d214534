using System.Text.Json;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Build;

/// <summary>What the build asks for, for one model: the contents of <c>&lt;id&gt;.request.json</c>. All paths are absolute.</summary>
internal sealed record BuildRequest
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public int Schema { get; init; }

    public required string Id { get; init; }

    public required string Project { get; init; }

    public required string Model { get; init; }

    public required string ModelDisplay { get; init; }

    public required string ClassName { get; init; }

    public required string Namespace { get; init; }

    public required string Access { get; init; }

    public string? Compression { get; init; }

    public string? Recipe { get; init; }

    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    public string? CalibrationFile { get; init; }

    public string? MaxAccuracyLoss { get; init; }

    public string? MinSqnr { get; init; }

    public string? Fidelity { get; init; }

    public string? MaxSize { get; init; }

    public IReadOnlyList<string> Given { get; init; } = [];

    public IReadOnlyList<string> Providers { get; init; } = [];

    public int Stages { get; init; } = 1;

    public string? Target { get; init; }

    public string? Labels { get; init; }

    public string? State { get; init; }

    public string? Names { get; init; }

    public required string Deploy { get; init; }

    public required string DeployPath { get; init; }

    public required string Signature { get; init; }

    public required string Output { get; init; }

    public required string Receipt { get; init; }

    public required string Report { get; init; }

    public required string Inputs { get; init; }

    public required string Cache { get; init; }

    public string? OnnxRuntimeManaged { get; init; }

    public string? OnnxRuntimeNative { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="CompressionException">MB1013: it is not one that this version understands.</exception>
    public static BuildRequest Load(string path)
    {
        try
        {
            var request = JsonSerializer.Deserialize<BuildRequest>(File.ReadAllText(path), Options);
            return request is { Schema: 1 } ? request : throw new JsonException("its schema is unknown");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new CompressionException(
                Codes.ProgramFailed,
                $"The build's request cannot be read: {exception.Message}. Rebuild; if that does not help, the package and its tasks are of different versions.",
                path,
                exception
            );
        }
    }
}
