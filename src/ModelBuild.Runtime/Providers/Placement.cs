using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// Which execution provider runs how many of a model's nodes, and where. Nodes are counted as ONNX Runtime shared them out: after it
/// removed what is constant or needless, before it fused neighbours.
/// </summary>
public sealed class Placement
{
    /// <summary>The session option that makes ONNX Runtime remember; it costs some hundred bytes a node, and no time that can be measured.</summary>
    internal const string RecordOption = "session.record_ep_graph_assignment_info";

    internal Placement(IReadOnlyList<ProviderPlacement> providers) => Providers = providers;

    /// <summary>The providers that have nodes, the one with the most first.</summary>
    public IReadOnlyList<ProviderPlacement> Providers { get; }

    /// <summary>How many nodes the processor runs, be it because no other provider can or because none was asked for.</summary>
    public int NodesOnCpu => Providers.Where(provider => provider.Provider == ProviderCatalog.Cpu).Sum(provider => provider.Nodes);

    /// <summary>One line: <c>webgpu 84 nodes (WebGPU_Buf:0), cpu 10 nodes (Cpu AMD 1022:0000)</c>.</summary>
    public override string ToString() => string.Join(", ", Providers);

    /// <summary>Asks sessions; a fake model has none, and no nodes.</summary>
    /// <exception cref="NotSupportedException">ONNX Runtime is older than 1.24, or its library was not found.</exception>
    internal static Placement Of(IEnumerable<InferenceSession> sessions) =>
        new([
            .. sessions
                .SelectMany(session =>
                    NodeAssignments
                        .Read(session)
                        .GroupBy(node => node.Provider, StringComparer.Ordinal)
                        .Select(nodes => (Nodes: nodes, Device: SessionDevices.Find(session, nodes.Key)))
                )
                .GroupBy(part => (part.Nodes.Key, part.Device), part => part.Nodes)
                .Select(parts => (parts.Key.Key, parts.Key.Device, Nodes: parts.SelectMany(nodes => nodes).ToArray()))
                .Select(part => new ProviderPlacement(
                    ProviderCatalog.ShortName(part.Key),
                    part.Nodes.Length,
                    ProviderCatalog.Find(part.Key)?.ConvertsLayout == true,
                    part.Device,
                    [
                        .. part
                            .Nodes.GroupBy(node => node.Operator, (name, nodes) => KeyValuePair.Create(name, nodes.Count()))
                            .OrderByDescending(count => count.Value)
                            .ThenBy(count => count.Key, StringComparer.Ordinal),
                    ]
                ))
                .OrderByDescending(provider => provider.Nodes),
        ]);

    /// <summary>The provider that a session is for: the one with the most nodes beside the processor, or else the processor.</summary>
    internal static string MainProvider(InferenceSession session)
    {
        try
        {
            return Of([session]).Providers.FirstOrDefault(provider => provider.Provider != ProviderCatalog.Cpu)?.Provider ?? ProviderCatalog.Cpu;
        }
        catch (NotSupportedException)
        {
            return SessionDevices.OfInputs(session) is [{ } device, ..] ? ProviderCatalog.ShortName(device.EpName) : ProviderCatalog.Cpu;
        }
    }
}
