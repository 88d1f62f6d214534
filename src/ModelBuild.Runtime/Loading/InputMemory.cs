using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Loading;

/// <summary>
/// Determines whether a session reads its inputs in main memory. A session that needs them on another device copies an input when it is bound, and later
/// changes of the buffer have no effect. The session itself is queried, because options can add providers that the list does not contain.
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
            // Older versions of ONNX Runtime do not have the method that is called above, so only the CPU provider is assumed to read main memory.
            return provider == ProviderCatalog.Cpu;
        }
    }

    // The call of the method that older versions lack is in a method of its own, so that it throws here and not when the calling method is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AreAllMain(InferenceSession session)
    {
        using var memories = session.GetMemoryInfosForInputs();
        return memories.All(memory => memory.Name == "Cpu");
    }
}
