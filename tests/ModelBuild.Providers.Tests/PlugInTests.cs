using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Providers.Tests;

/// <summary>A plug-in library with a provider that runs Relu: how it is found and chosen, and how what it compiles is kept.</summary>
public sealed class PlugInTests : IDisposable
{
    private const string Name = "ReluExecutionProvider";

    private static readonly string _library = Path.Combine(Corpus.Repository, "tests", "ModelBuild.Providers.Tests", "PlugIn", "librelu_provider.so");

    private readonly string _folder = Directory.CreateTempSubdirectory("modelbuild-plug-in-").FullName;
    private readonly string _model;
    private readonly float[] _features = [.. Enumerable.Range(0, 2 * 64).Select(i => MathF.Sin(i))];

    public PlugInTests()
    {
        Assert.SkipUnless(File.Exists(_library), "The plug-in library is not built; the project file of these tests says how.");
        _model = Path.Combine(_folder, "mlp.onnx");
        File.WriteAllBytes(_model, TinyModels.Mlp());
    }

    private static ModelProvider PlugIn => new(Name) { Library = _library };

    private string Entry => Assert.Single(Directory.GetDirectories(_folder));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void By_its_library_by_name_and_by_device()
    {
        ModelDevices.AddLibrary(_library);
        ModelDevices.AddLibrary(_library);
        var device = Assert.Single(ModelDevices.All, device => device.Provider == Name);
        Assert.Equal(("Tests", "1.0.0"), (device.ProviderVendor, device.Metadata["version"]));
        foreach (var provider in new[] { PlugIn, Name, new DeviceProvider(device) })
        {
            using var model = Open(provider);
            Assert.Equal(Name, model.Provider);
            Assert.Equal([new("Relu", 2)], Assert.Single(model.Placement.Providers, placed => placed.Provider == Name).Operators);
            Assert.Equal(3, model.Placement.NodesOnCpu);
        }
    }

    [Fact]
    public void A_policy_finds_it()
    {
        ModelDevices.AddLibrary(_library);
        using var model = MlpModel.Load(_model, new ModelOptions { DevicePolicy = DevicePolicy.PreferCpu });
        Assert.Contains(model.Provider, new[] { Name, "cpu" });
        Assert.Equal(model.Provider == Name ? 3 : 5, model.Placement.NodesOnCpu);
        AssertRight(model);
    }

    [Fact]
    public void What_it_compiles_is_kept_beside_the_model()
    {
        using (var first = Open(PlugIn, "."))
            Assert.Equal([new("EPContext", 2)], Assert.Single(first.Placement.Providers, placed => placed.Provider == Name).Operators);
        Assert.Equal(["files.txt", "model.onnx", "relu.bin"], Directory.GetFiles(Entry).Select(Path.GetFileName).Order());
        var made = File.GetLastWriteTimeUtc(Path.Combine(Entry, "model.onnx"));

        using (Open(PlugIn, "."))
            Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(Entry, "model.onnx")));

        File.Delete(Path.Combine(Entry, "relu.bin"));
        using (Open(PlugIn, "."))
            Assert.True(File.Exists(Path.Combine(Entry, "relu.bin")));
    }

    [Fact]
    public void A_model_in_memory_is_compiled_too()
    {
        using var model = MlpModel.Load(File.ReadAllBytes(_model), new ModelOptions { Providers = [PlugIn, "cpu"], CompiledCache = _folder });
        Assert.Equal([new("EPContext", 2)], Assert.Single(model.Placement.Providers, placed => placed.Provider == Name).Operators);
        AssertRight(model);
    }

    [Fact]
    public void Without_anything_to_compile_the_portable_model_runs()
    {
        using var model = Open(PlugIn with { Options = new Dictionary<string, string> { ["claim"] = "0" } }, ".");
        Assert.Equal(5, model.Placement.NodesOnCpu);
        Assert.Empty(Directory.GetDirectories(_folder));
        Assert.Contains("compile", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder, "*.failed.txt"))), StringComparison.Ordinal);
    }

    private MlpModel Open(ModelProvider provider, string? cache = null)
    {
        var model = MlpModel.Load(_model, new ModelOptions { Providers = [provider, "cpu"], CompiledCache = cache });
        AssertRight(model);
        return model;
    }

    private void AssertRight(MlpModel model)
    {
        using var cpu = MlpModel.Load(_model);
        using var expected = cpu.Run(_features);
        using var actual = model.Run(_features);
        Assert.Equal(expected.Scores.ToArray(), actual.Scores.ToArray());
    }
}
