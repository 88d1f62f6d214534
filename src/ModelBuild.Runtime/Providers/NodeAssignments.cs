using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;

namespace ModelBuild.Runtime.Providers;

/// <summary>Reads where ONNX Runtime put the nodes of a model, which only its C interface tells.</summary>
internal static unsafe class NodeAssignments
{
    private const uint Version = 24;

    /// <exception cref="NotSupportedException">ONNX Runtime cannot tell.</exception>
    public static List<NodeAssignment> Read(InferenceSession session)
    {
        try
        {
            return Ask(session);
        }
        catch (MissingFieldException exception)
        {
            throw new NotSupportedException("Where the nodes of a model went cannot be asked of this version of ONNX Runtime's .NET library.", exception);
        }
    }

    // On its own, so that a missing field is an exception of the call and not of the caller's compilation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<NodeAssignment> Ask(InferenceSession session)
    {
        var api =
            NativeApi.Get(Version)
            ?? throw new NotSupportedException(
                "Where the nodes of a model went can be asked of ONNX Runtime 1.24 and later; this process has an older one, or its library was not found."
            );
        nint* subgraphs;
        nuint count;
        api.Check(
            ((delegate* unmanaged<nint, nint**, nuint*, nint>)api.Functions->Session_GetEpGraphAssignmentInfo)(NativeHandle(session), &subgraphs, &count)
        );
        var assignments = new List<NodeAssignment>();
        for (nuint i = 0; i < count; i++)
        {
            var provider = Text(api, api.Functions->EpAssignedSubgraph_GetEpName, subgraphs[i]);
            nint* nodes;
            nuint nodeCount;
            api.Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)api.Functions->EpAssignedSubgraph_GetNodes)(subgraphs[i], &nodes, &nodeCount));
            for (nuint j = 0; j < nodeCount; j++)
                assignments.Add(new NodeAssignment(provider, Text(api, api.Functions->EpAssignedNode_GetOperatorType, nodes[j])));
        }

        GC.KeepAlive(session);
        return assignments;
    }

    private static string Text(NativeApi api, nint function, nint of)
    {
        nint text;
        api.Check(((delegate* unmanaged<nint, nint*, nint>)function)(of, &text));
        return Marshal.PtrToStringUTF8(text) ?? "";
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nativeHandle")]
    private static extern ref nint NativeHandle(InferenceSession session);
}
