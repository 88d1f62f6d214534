using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Compiled;
using ModelBuild.Runtime.Sources;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Compiled;

/// <summary>The cache of compiled models, with a compiler that takes the model as it is: what is kept, noticed, replaced, and fallen back from.</summary>
public sealed class CompiledModelsTests : IDisposable
{
    private readonly string _folder = Directory
        .CreateDirectory(Path.Combine(Path.GetTempPath(), "modelbuild-compiled-" + Guid.NewGuid().ToString("N")))
        .FullName;
    private int _compiled;

    private string Cache => Path.Combine(_folder, "cache");

    private string Entry => Assert.Single(Directory.GetDirectories(Cache));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Made_once_and_loaded_from_then_on()
    {
        var source = Source(TinyModels.Relu());
        Assert.True(Opens(source));
        Assert.True(Opens(source));
        Assert.Equal(1, _compiled);
        Assert.Equal(["context.bin", "files.txt", "model.onnx"], Directory.GetFiles(Entry).Select(Path.GetFileName).Order());
        Assert.Matches(@"^digits\.cpu\.[0-9a-f]{8}\.[0-9a-f]{16}$", Path.GetFileName(Entry));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("context.bin")]
    [InlineData("files.txt")]
    public void Damage_is_noticed_and_mended(string file)
    {
        var source = Source(TinyModels.Relu());
        Assert.True(Opens(source));
        var path = Path.Combine(Entry, file);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.True(Opens(source));
        Assert.True(Opens(source));
        Assert.Equal(2, _compiled);

        File.Delete(Path.Combine(Entry, file));
        Assert.True(Opens(source));
        Assert.Equal(3, _compiled);
    }

    [Fact]
    public void Another_model_at_the_same_place_takes_the_place_of_the_entry()
    {
        Assert.True(Opens(Source(TinyModels.Relu())));
        var old = Entry;
        Assert.True(Opens(Source(TinyModels.Small())));
        Assert.NotEqual(old, Entry);

        // The external data is a part of the model.
        File.WriteAllText(Path.Combine(_folder, "digits.onnx.data"), "weights");
        Assert.True(Opens(Source(TinyModels.Small())));
        Assert.Equal(3, _compiled);
    }

    [Fact]
    public void Each_set_of_options_has_its_entry()
    {
        var source = Source(TinyModels.Relu());
        for (var i = 0; i < 2; i++)
            foreach (var device in new[] { "0", "1" })
                Assert.True(Opens(source, new ModelProvider("cpu") { Options = new Dictionary<string, string> { ["device_id"] = device } }));
        Assert.Equal(2, _compiled);
        Assert.Equal(2, Directory.GetDirectories(Cache).Length);
    }

    [Fact]
    public void What_does_not_load_here_is_made_anew()
    {
        var source = Source(TinyModels.Relu());
        Assert.True(Opens(source));
        // The entry is complete, but it was compiled for another session.
        var foreign = new CompiledEntry(Entry);
        foreign.Discard();
        foreign.Create(path => File.WriteAllText(path, "an engine for another device"));
        Assert.True(foreign.IsComplete);
        Assert.True(Opens(source));
        Assert.Equal(2, _compiled);
    }

    [Fact]
    public void Without_success_there_is_a_reason_and_the_portable_model()
    {
        var source = Source(TinyModels.Relu());
        Assert.False(Opens(source, compile: (_, _, path) => File.WriteAllText(path, "nonsense")));
        Assert.Empty(Directory.GetDirectories(Cache));
        var reason = Assert.Single(Directory.GetFiles(Cache));
        Assert.EndsWith(".failed.txt", reason, StringComparison.Ordinal);

        Assert.False(Opens(source, compile: EpContextCompiler.Compile));
        Assert.Contains("compile", File.ReadAllText(reason), StringComparison.OrdinalIgnoreCase);

        Assert.True(Opens(source));
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_does_no_harm()
    {
        File.WriteAllText(Cache, "a file");
        Assert.False(Opens(Source(TinyModels.Relu())));
    }

    [Fact]
    public async Task Several_at_once_are_content_with_one_entry()
    {
        var source = Source(TinyModels.Relu());
        using var all = new Barrier(4);
        var opened = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () =>
                            Opens(
                                source,
                                compile: (model, options, path) =>
                                {
                                    all.SignalAndWait(TimeSpan.FromSeconds(10));
                                    Compile(model, options, path);
                                }
                            ),
                        TestContext.Current.CancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
        Assert.All(opened, Assert.True);
        Assert.True(new CompiledEntry(Entry).IsComplete);
    }

    [Fact]
    public void Models_in_memory_are_known_by_their_class()
    {
        Assert.True(Opens(ModelSource.Memory(TinyModels.Relu())));
        Assert.True(Opens(ModelSource.Memory(TinyModels.Relu())));
        Assert.Equal(1, _compiled);
        Assert.StartsWith("Tests.DigitsModel.cpu.", Path.GetFileName(Entry), StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_folders_start_at_the_model()
    {
        Assert.Equal(Cache, CompiledModels.Folder("cache", Source(TinyModels.Relu())));
        Assert.Equal(_folder, CompiledModels.Folder(".", Source(TinyModels.Relu())));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "cache"), CompiledModels.Folder("cache", ModelSource.Memory([])));
    }

    [Fact]
    public void Providers_that_compile_nothing_leave_nothing()
    {
        using var model = ReluModel.Load(TinyModels.Relu(), new ModelOptions { CompiledCache = Cache });
        Assert.Equal("cpu", model.Provider);
        Assert.False(Directory.Exists(Cache));
    }

    private ModelSource Source(byte[] model)
    {
        var path = Path.Combine(_folder, "digits.onnx");
        File.WriteAllBytes(path, model);
        return new ModelSource("The file", path, null);
    }

    private bool Opens(ModelSource source, ModelProvider? provider = null, ModelCompiler? compile = null)
    {
        using var options = new SessionOptions();
        using var session = new CompiledModels(Cache, "Tests.DigitsModel", compile ?? Compile).Open(source, provider ?? "cpu", options);
        Assert.DoesNotContain(
            Directory.Exists(Cache) ? Directory.GetDirectories(Cache) : [],
            folder => compile is null && !File.Exists(Path.Combine(folder, "files.txt"))
        );
        return session is not null;
    }

    private void Compile(ModelSource source, SessionOptions options, string path)
    {
        Interlocked.Increment(ref _compiled);
        File.WriteAllBytes(path, source.Bytes ?? File.ReadAllBytes(source.Path!));
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(path)!, "context.bin"), "context");
    }
}
