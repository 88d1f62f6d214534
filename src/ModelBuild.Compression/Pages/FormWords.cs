using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages;

/// <summary>The words and the colours for the forms in which nodes compute.</summary>
internal static class FormWords
{
    /// <summary>The style sheet of the forms in which nodes compute: one colour for each form.</summary>
    public const string Style = """
        .form { display: inline-block; font-size: .82rem; padding: 0 .45rem; border-radius: 3px; border-left: .35rem solid var(--c); background: var(--soft);
          color: var(--ink); white-space: nowrap; }
        .float { --c: #94a3b8; } .integer { --c: #2563eb; } .quantized { --c: #0891b2; } .storedInt8 { --c: #14b8a6; } .storedInt4 { --c: #8b5cf6; }
        .storedFloat16 { --c: #f59e0b; } .float16 { --c: #d97706; } .bfloat16 { --c: #b45309; } .pruned { --c: #db2777; }

        """;

    /// <summary>Returns the words that describe a form in which nodes compute, such as <c>float, stored in int8</c>.</summary>
    public static string Of(NodeForm form) =>
        form switch
        {
            NodeForm.Float => "float",
            NodeForm.StoredInt8 => "float, stored in int8",
            NodeForm.StoredInt4 => "float, stored in int4",
            NodeForm.StoredFloat16 => "float, stored in float16",
            NodeForm.Float16 => "float16",
            NodeForm.Bfloat16 => "bfloat16",
            NodeForm.Integer => "integers",
            NodeForm.Quantized => "quantized",
            NodeForm.Pruned => "float, with zeros",
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };

    /// <summary>Returns the class of a form in the style sheet, which is also its name in receipts.</summary>
    public static string Class(NodeForm form) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(form.ToString());

    /// <summary>Returns the HTML of a coloured label for a form in which nodes compute.</summary>
    public static string Chip(NodeForm form) => $"<span class=\"form {Class(form)}\">{Of(form)}</span>";
}
