using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// A number in the graph that counts channels: an entry of the shape of a Reshape or of the parts of a Split, a border of a Slice, or the number of groups of a
/// depthwise convolution.
/// </summary>
/// <param name="Node">The node that holds it.</param>
/// <param name="Attribute">The name of the attribute; null for a constant input.</param>
/// <param name="Input">The index of the input, if the number is not in an attribute.</param>
/// <param name="Position">The position in the list; −1 for an attribute that is one number.</param>
/// <param name="Channels">The channels that it counts.</param>
internal sealed record SizeEntry(NodeProto Node, string? Attribute, int Input, int Position, int[] Channels);
