using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>One node of the result, which receipts hold as one text: the level, the form, the operator and the name.</summary>
/// <param name="Level">The distance of its branch from the longest path through the graph, or from the node that contains its subgraph.</param>
/// <param name="RunsAs">The form in which the node computes.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Name">The name.</param>
[JsonConverter(typeof(Text))]
internal sealed record GraphNodeFacts(int Level, NodeForm RunsAs, string Operator, string Name)
{
    /// <summary>Reads and writes the text of a node in JSON.</summary>
    internal sealed class Text : JsonConverter<GraphNodeFacts>
    {
        private const int Parts = 4;

        /// <inheritdoc/>
        public override GraphNodeFacts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && reader.GetString()!.Split(' ', Parts) is { Length: Parts } parts
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            && Enum.TryParse<NodeForm>(parts[1], ignoreCase: true, out var form)
                ? new GraphNodeFacts(level, form, parts[2], parts[3])
                : throw new JsonException("A node of the graph has four parts.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, GraphNodeFacts value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{value.Level} {JsonNamingPolicy.CamelCase.ConvertName(value.RunsAs.ToString())} {value.Operator} {value.Name}"
                )
            );
    }
}
