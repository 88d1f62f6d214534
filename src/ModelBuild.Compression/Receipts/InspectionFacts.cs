using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>The layers and the graph of the result, with the layers of the original for comparison.</summary>
/// <param name="Layers">The layers with the most bytes or multiply-adds, in the order of the graph.</param>
/// <param name="OtherLayers">The number of the others.</param>
/// <param name="MultiplyAdds">The multiply-adds of the result by the form of their nodes.</param>
/// <param name="MeasuredCalls">The number of calls on which the errors of layers were measured; 0 if they were not.</param>
/// <param name="Histograms">The distributions of the layers that add the largest errors.</param>
/// <param name="Graph">The nodes of the result in topological order, without constants and conversions between types.</param>
/// <param name="OtherNodes">The number of nodes that the list leaves out because of its length.</param>
internal sealed record InspectionFacts(
    [property: JsonConverter(typeof(LineArray<LayerFacts>))] IReadOnlyList<LayerFacts> Layers,
    int OtherLayers,
    IReadOnlyDictionary<string, long> MultiplyAdds,
    int MeasuredCalls,
    [property: JsonConverter(typeof(LineArray<HistogramFacts>))] IReadOnlyList<HistogramFacts> Histograms,
    IReadOnlyList<GraphNodeFacts> Graph,
    int OtherNodes
);
