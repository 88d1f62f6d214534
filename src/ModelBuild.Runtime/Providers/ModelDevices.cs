using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>The devices that ONNX Runtime can run models on here, by its own providers and by plug-in libraries.</summary>
public static class ModelDevices
{
    /// <summary>
    /// The devices, asked anew at each call. Providers that ONNX Runtime is built with and that have no part in its device interface
    /// are not among them, and can be used by name all the same.
    /// </summary>
    /// <exception cref="ModelLoadException">ONNX Runtime's native library is missing.</exception>
    public static IReadOnlyList<ModelDevice> All =>
        OnnxRuntimeLibrary.Guard<IReadOnlyList<ModelDevice>>(() =>
            [.. Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetEpDevices().Select(device => new ModelDevice(device))]
        );

    /// <summary>Loads a plug-in library with execution providers, whose devices then are among <see cref="All"/>. A second time does nothing.</summary>
    /// <param name="library">A path, or the name of a file in the application's folder.</param>
    /// <exception cref="ModelProviderException">It is not there, is no plug-in, or needs another version of ONNX Runtime.</exception>
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
