using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Native;

/// <summary>Loads ONNX Runtime's native library, and says in one message what to do when it is not there.</summary>
internal static class OnnxRuntimeLibrary
{
    /// <summary>Loads it; the names of the providers that it was built with.</summary>
    public static IReadOnlyList<string> Load() => Guard(() => OrtEnv.Instance().GetAvailableProviders());

    /// <summary>Runs what first touches the library.</summary>
    public static T Guard<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception exception) when (Cause(exception) is { } cause)
        {
            throw new ModelLoadException(
                $"ONNX Runtime's native library could not be loaded for {RuntimeInformation.RuntimeIdentifier}: {cause.Message.TrimEnd('.')}. "
                    + "Reference the package Microsoft.ML.OnnxRuntime, or one of its kin such as Microsoft.ML.OnnxRuntime.Gpu, in the application's "
                    + "own project, only one of them, and publish for a runtime that it supports.",
                exception
            );
        }
    }

    /// <summary>What lies under a failed type initializer, when it is about a native library.</summary>
    private static Exception? Cause(Exception exception)
    {
        var cause = exception;
        while (cause is TypeInitializationException { InnerException: { } inner })
            cause = inner;
        return exception is TypeInitializationException || cause is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            ? cause
            : null;
    }
}
