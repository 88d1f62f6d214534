using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Loading;

/// <summary>
/// Determines whether a session reads its inputs in main memory. A session that needs its inputs on another device copies an input when the input is bound, and
/// later changes of the buffer have no effect. The session itself is queried, because options can add providers that the list does not contain.
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
            // Older versions of ONNX Runtime cannot report the memory of inputs, so only the CPU provider is assumed to read main memory.
            return provider == ProviderCatalog.Cpu;
        }
    }

    // This method is separate and not inlined, because older versions of ONNX Runtime lack a method that it calls. The exception is thus thrown here and not
    // when the caller is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AreAllMain(InferenceSession session)
    {
        using var memories = session.GetMemoryInfosForInputs();
        return memories.All(memory => memory.Name == "Cpu");
    }
}
