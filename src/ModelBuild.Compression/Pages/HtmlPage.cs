using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Pages;

/// <summary>
/// Writes the frame of an HTML page without external resources: its head, with the style sheet, and its end. The policy of the page forbids requests, and
/// scripts other than the given one.
/// </summary>
internal static class HtmlPage
{
    /// <summary>Appends the head of an HTML page, with its title, style sheet and script.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="style">The rules of the parts of the page, behind those of all pages.</param>
    /// <param name="script">The script of the page; empty for none.</param>
    public static void Start(StringBuilder page, string title, string style, string script = "")
    {
        var scripts = script.Length == 0 ? "" : $"; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
        page.Append(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        );
        page.Append(
            CultureInfo.InvariantCulture,
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'{scripts}\">\n"
                + $"<link rel=\"icon\" href=\"data:,\">\n"
                + $"<title>{Html.Text(title)} – ModelBuild</title>\n<style>\n{PageStyle.Text}{style}</style>\n"
        );
    }

    /// <summary>Appends the end of an HTML page, with a script if there is one.</summary>
    /// <param name="page">The page.</param>
    /// <param name="script">The script that the head allows; empty for none.</param>
    public static void End(StringBuilder page, string script = "") => page.Append(script.Length == 0 ? "</html>\n" : $"<script>{script}</script>\n</html>\n");
}
