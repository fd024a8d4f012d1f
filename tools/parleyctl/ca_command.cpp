#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/certificates/authority.hpp"
#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

namespace {

using namespace certificates;

struct ca_options {
  std::string folder = ".";
  std::string name = "Parley cluster";
  int days = authority_days;
};

struct issue_options {
  std::string authority = ".";
  std::string folder = ".";
  node_request request;
};

constexpr auto authority_name = "ca";

int create(const ca_options& options) {
  const auto files = pair_in(options.folder, authority_name);
  if (const auto made = create_authority(files, options.name, options.days); !made) return tell(made.error());
  fmt::print("{}\n{}\n", files.certificate, files.key);
  return 0;
}

int issue(const issue_options& options) {
  const auto files = pair_in(options.folder, options.request.node);
  const auto made = issue_certificate(pair_in(options.authority, authority_name), options.request, files);
  if (!made) return tell(made.error());
  fmt::print("{}\n{}\n", files.certificate, files.key);
  return 0;
}

} // namespace

void declare_ca(CLI::App& program, command_list& commands) {
  auto* const ca = program.add_subcommand("ca", "Make the certificates of a cluster");
  ca->require_subcommand(1);

  const auto creation = std::make_shared<ca_options>();
  auto* const creating = ca->add_subcommand("create", "Make an authority: ca.pem and ca.key");
  creating->add_option("--directory", creation->folder, "Where it is put; keep it off the nodes")
      ->capture_default_str();
  creating->add_option("--name", creation->name, "Its name in certificates")->capture_default_str();
  creating->add_option("--days", creation->days, "How long it is good for")->capture_default_str();
  commands.push_back({creating, [creation] { return create(*creation); }});

  const auto order = std::make_shared<issue_options>();
  auto* const issuing = ca->add_subcommand("issue", "Make a node's certificate and key, or renew them");
  issuing->add_option("NODE", order->request.node, "Its id")->required();
  issuing->add_option("--host", order->request.hosts, "A name or an address at which it is reached; may be repeated")
      ->required();
  issuing->add_option("--authority", order->authority, "Where ca.pem and ca.key are")->capture_default_str();
  issuing->add_option("--directory", order->folder, "Where NODE.pem and NODE.key are put")->capture_default_str();
  issuing->add_option("--days", order->request.days, "How long it is good for")->capture_default_str();
  commands.push_back({issuing, [order] { return issue(*order); }});
}

} // namespace parley::ctl
