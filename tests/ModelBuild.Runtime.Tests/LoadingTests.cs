using System.Reflection;
using System.Runtime.Loader;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Tests the sources of models, and the errors of missing models.</summary>
public sealed class LoadingTests
{
    [Fact]
    public void From_beside_the_application()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "models", "Tests", "GpuOrCpuModel.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, TinyModels.Small());
        using var model = new GpuOrCpuModel();
        Assert.Equal(["x"], model.Session.InputNames);
        Assert.Equal("x", GpuOrCpuModel.InputNames.X);
    }

    [Fact]
    public void A_file_that_is_missing_beside_the_application()
    {
        var exception = Assert.Throws<FileNotFoundException>(() => new ReluModel());
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "Tests", "ReluModel.onnx"), exception.FileName);
        Assert.Contains($"is not at '{exception.FileName}', where the build puts it", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ModelOptions.Path", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_plug_in_finds_its_model_beside_its_assembly(bool hasModel)
    {
        using var folder = new TemporaryFolder();
        var copy = folder.File(Path.GetFileName(typeof(ReluModel).Assembly.Location));
        File.Copy(typeof(ReluModel).Assembly.Location, copy);
        var path = folder.File(Path.Combine("models", "Tests", "ReluModel.onnx"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (hasModel)
            File.WriteAllBytes(path, TinyModels.Relu());

        var assembly = new AssemblyLoadContext("plug-in", isCollectible: true).LoadFromAssemblyPath(copy);
        if (hasModel)
        {
            using var model = (IModel)New(assembly);
            Assert.Equal(path, model.Signature.Location.FilePath);
        }
        else
        {
            var missing = Assert.IsType<FileNotFoundException>(Assert.Throws<TargetInvocationException>(() => New(assembly)).InnerException);
            var other = Path.Combine(AppContext.BaseDirectory, "models", "Tests", "ReluModel.onnx");
            Assert.Contains($"is not at '{path}' or '{other}'", missing.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_plug_in_that_is_loaded_from_memory_finds_its_model_beside_the_application()
    {
        using var bytes = File.OpenRead(typeof(ReluModel).Assembly.Location);
        var assembly = new AssemblyLoadContext("plug-in", isCollectible: true).LoadFromStream(bytes);
        var missing = Assert.IsType<FileNotFoundException>(Assert.Throws<TargetInvocationException>(() => New(assembly)).InnerException);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "Tests", "ReluModel.onnx"), missing.FileName);
    }

    [Fact]
    public void A_path()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => ReluModel.Load(path)).Message, StringComparison.Ordinal);
        try
        {
            File.WriteAllBytes(path, TinyModels.Relu());
            using var loaded = ReluModel.Load(path);
            using var moved = new ReluModel(new ModelOptions { Path = path });
            using var result = moved.Run(new float[16]);
            Assert.Equal(16, result.Y.Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_embedded_resource()
    {
        using var model = new EmbeddedModel();
        using var result = model.Run([-1, 0, 1, 2]);
        Assert.Equal([0, 0, 1, 2], result.Y.ToArray());
    }

    [Fact]
    public void Nothing_is_deployed()
    {
        var exception = Assert.Throws<FileNotFoundException>(() => new UndeployedModel());
        Assert.Contains("deploys no file for the model 'Models/UndeployedModel.onnx'", exception.Message, StringComparison.Ordinal);
        using var model = UndeployedModel.Load(TinyModels.Small());
    }

    [Fact]
    public void Something_that_is_no_model()
    {
        var exception = Assert.Throws<ModelLoadException>(() => ReluModel.Load([1, 2, 3]));
        Assert.StartsWith("The model in memory cannot be loaded: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_reach_the_session()
    {
        var configured = 0;
        using var model = ReluModel.Load(
            TinyModels.Relu(),
            new ModelOptions
            {
                Threads = 1,
                Spinning = false,
                ConfigureSession = options =>
                {
                    Assert.Equal(1, options.IntraOpNumThreads);
                    configured++;
                },
            }
        );
        Assert.Equal(1, configured);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_native_library_is_missing(bool inInitializer)
    {
        Exception cause = new DllNotFoundException("Unable to load shared library 'onnxruntime'.");
        if (inInitializer)
            cause = new TypeInitializationException("Microsoft.ML.OnnxRuntime.NativeMethods", cause);
        var exception = Assert.Throws<ModelLoadException>(() => OnnxRuntimeLibrary.Guard<int>(() => throw cause));
        Assert.Contains(System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Unable to load shared library 'onnxruntime'. Reference the package Microsoft.ML.OnnxRuntime",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Same(cause, exception.InnerException);
    }

    private static object New(Assembly assembly) => assembly.GetType(typeof(ReluModel).FullName!, throwOnError: true)!.GetConstructor([])!.Invoke(null);
}
