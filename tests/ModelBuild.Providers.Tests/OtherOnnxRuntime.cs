using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Testing;

namespace ModelBuild.Providers.Tests;

/// <summary>Puts the native library of onnxruntime-node under this process, where it is found.</summary>
internal static class OtherOnnxRuntime
{
    private const string Folder = "MODELBUILD_ONNXRUNTIME_NODE";

    public static bool IsThere => Find() is not null;

    [ModuleInitializer]
    public static void Use()
    {
        if (Find() is not { } library)
            return;
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, _, _) => name == "onnxruntime" ? NativeLibrary.Load(library) : 0);
    }

    /// <summary>Skips a test where WebGPU cannot run.</summary>
    public static void RequireWebGpu()
    {
        Assert.SkipUnless(
            IsThere,
            $"There is no onnxruntime-node: npm install -C tests/ModelBuild.Providers.Tests onnxruntime-node, or name its folder in {Folder}."
        );
        try
        {
            using var session = new SessionOptions();
            session.AppendExecutionProvider("WebGPU", []);
        }
        catch (OnnxRuntimeException exception) when (exception.Message.Contains("adapter", StringComparison.Ordinal))
        {
            Assert.Skip("There is no Vulkan driver that WebGPU takes (Debian: mesa-vulkan-drivers 23 or newer, libvulkan1): " + exception.Message);
        }
    }

    private static string? Find()
    {
        var package =
            Environment.GetEnvironmentVariable(Folder)
            ?? Path.Combine(Corpus.Repository, "tests", "ModelBuild.Providers.Tests", "node_modules", "onnxruntime-node");
        var (system, file) =
            OperatingSystem.IsWindows() ? ("win32", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("darwin", "libonnxruntime.*dylib")
            : ("linux", "libonnxruntime.so*");
        var folder = Path.Combine(package, "bin", "napi-v6", system, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, file).FirstOrDefault() : null;
    }
}
