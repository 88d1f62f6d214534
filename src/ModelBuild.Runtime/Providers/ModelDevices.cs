using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Provides the devices on which ONNX Runtime can run models on this machine, with its own providers and with plug-in libraries.</summary>
public static class ModelDevices
{
    /// <summary>
    /// Gets all devices. Each access queries ONNX Runtime. Built-in providers without device support are not listed, but can be used by name.
    /// </summary>
    /// <exception cref="ModelLoadException">The native library of ONNX Runtime is missing.</exception>
    public static IReadOnlyList<ModelDevice> All =>
        OnnxRuntimeLibrary.Guard<IReadOnlyList<ModelDevice>>(() =>
            [.. Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetEpDevices().Select(device => new ModelDevice(device))]
        );

    /// <summary>
    /// Loads a plug-in library with execution providers and adds their devices to <see cref="All"/>. A second call with the same library has no effect.
    /// </summary>
    /// <param name="library">A path, or the name of a file in the application's folder.</param>
    /// <exception cref="ModelProviderException">The file does not exist, is not a plug-in library, or needs another version of ONNX Runtime.</exception>
    public static void AddLibrary(string library)
    {
        ArgumentException.ThrowIfNullOrEmpty(library);
        OnnxRuntimeLibrary.Load();
        try
        {
            ProviderLibrary.Load(library);
        }
        catch (Exception exception) when (exception is FileNotFoundException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
        {
            throw new ModelProviderException($"The plug-in library '{library}' cannot be loaded: {exception.Message.TrimEnd()}", exception);
        }
    }
}
