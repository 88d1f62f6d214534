using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Native;

/// <summary>Loads the native library of ONNX Runtime, and throws an exception that explains what to do when the library is missing.</summary>
internal static class OnnxRuntimeLibrary
{
    /// <summary>Loads the library and returns the names of the providers that it was built with.</summary>
    public static IReadOnlyList<string> Load() => Guard(() => OrtEnv.Instance().GetAvailableProviders());

    /// <summary>Runs a function that uses the native library for the first time, and explains the exception when the library cannot be loaded.</summary>
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
                    + "Reference the package Microsoft.ML.OnnxRuntime, or a variant such as Microsoft.ML.OnnxRuntime.Gpu, in the application's "
                    + "own project, only one of them, and publish for a runtime that it supports.",
                exception
            );
        }
    }

    /// <summary>Returns the cause of an exception when the cause is a missing or unsuitable native library; otherwise null.</summary>
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
