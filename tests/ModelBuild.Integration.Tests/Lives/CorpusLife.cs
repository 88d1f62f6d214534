using System.Text.Json;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>One project with every model of the corpus's <c>models/</c>, and nothing said about any of them; its application constructs each class.</summary>
public sealed class CorpusLife(PackedFeed feed) : IAsyncLifetime
{
    public Workspace Folder { get; } = feed.NewWorkspace("corpus");

    /// <summary>Paths below the corpus's <c>models/</c>; empty without a corpus.</summary>
    public IReadOnlyList<string> Models { get; } =
    [.. Corpus.Models().Where(model => model.StartsWith("models/", StringComparison.Ordinal)).Select(model => model["models/".Length..])];

    public BuildResult Result { get; private set; } = null!;

    /// <summary>The output of the application, with a line for each class.</summary>
    public string[] Lines { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (Models.Count == 0)
            return;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpus.Root, "models"), "*", SearchOption.AllDirectories))
        {
            var copy = Folder["App/" + Path.GetRelativePath(Path.Combine(Corpus.Root, "models"), file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        Folder.Write(
            "App/Program.cs",
            """
            var models = typeof(Program).Assembly.GetTypes().Where(type => type.GetField("InputNames") is null && type.GetProperty("Session") is not null);
            foreach (var type in models.OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                using var model = (IDisposable)Activator.CreateInstance(type)!;
                var session = (Microsoft.ML.OnnxRuntime.InferenceSession)type.GetProperty("Session")!.GetValue(model)!;
                Console.WriteLine($"{type.Name}: {session.InputMetadata.Count} in, {session.OutputMetadata.Count} out");
            }
            """
        );
        Result = await Folder.BuildAsync("build", "App");
        Lines = (await Folder.RunAsync("App/bin/Debug/net10.0/App.dll")).Split('\n', StringSplitOptions.TrimEntries);
        await WriteTableAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Writes a table with the fidelity of each model to a file, which can be read after the tests.
    private async Task WriteTableAsync()
    {
        var rows = new List<string>
        {
            "| model | bytes | compressed | recipe | verified on | output: SQNR dB / top-1 agreement |",
            "|---|---|---|---|---|---|",
        };
        foreach (var path in Directory.EnumerateFiles(Folder["App/obj/Debug/net10.0/modelbuild"], "*.receipt.json").Order(StringComparer.Ordinal))
        {
            using var receipt = JsonDocument.Parse(await File.ReadAllTextAsync(path));
            var root = receipt.RootElement;
            var inputs = root.GetProperty("verification") is { ValueKind: JsonValueKind.Object } verification
                ? verification.GetProperty("inputs").GetString()
                : "-";
            var fidelity = root.GetProperty("fidelity")
                .EnumerateArray()
                .Select(output =>
                    $"{output.GetProperty("output").GetString()}: "
                    + $"{output.GetProperty("sqnrDb")} / {(output.TryGetProperty("top1Agreement", out var agreement) ? agreement.ToString() : "")}"
                );
            rows.Add(
                $"| {root.GetProperty("model").GetString()} | {root.GetProperty("original").GetProperty("bytes")} | "
                    + $"{root.GetProperty("compressed").GetProperty("bytes")}"
                    + $" | {string.Join(' ', root.GetProperty("recipe").GetProperty("steps").EnumerateArray().Select(step => step.ToString()))}"
                    + $" | {inputs} | {string.Join("; ", fidelity)} |"
            );
        }

        await File.WriteAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "corpus-fidelity.md"), rows);
    }
}
