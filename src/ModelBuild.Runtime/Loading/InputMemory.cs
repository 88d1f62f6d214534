using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Loading;

/// <summary>
/// Finds out whether a session reads its inputs where they are. A session that wants them on a device takes its copy when an
/// input is bound, and would not see what is written later. Options may have brought in a provider that the list does not
/// name, so the session itself is asked.
/// </summary>
internal static class InputMemory
{
    public static bool IsMain(InferenceSession session, string provider)
    {
        try
        {
            return AreAllMain(session);
        }
        catch (Exception exception) when (exception is MissingMethodException or EntryPointNotFoundException or OnnxRuntimeException or NotSupportedException)
        {
            // An ONNX Runtime from before it could be asked.
            return provider == ProviderCatalog.Cpu;
        }
    }

    // On its own, so that a missing method is an exception of the call and not of the caller's compilation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AreAllMain(InferenceSession session)
    {
        using var memories = session.GetMemoryInfosForInputs();
        return memories.All(memory => memory.Name == "Cpu");
    }
}
